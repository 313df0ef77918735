// @ts-nocheck: plain JavaScript, as a host without types writes it.
import 'campaign-status-kit/define';

const asked = new URLSearchParams(location.search);
const [good, hostile] = ['good', 'hostile'].map((name) => asked.getAll(name));

/** An element of the kit for one campaign. */
function about(name, id) {
  const element = document.createElement(name);
  Object.assign(element, { system: 'flows', campaignId: id });
  return element;
}

for (const [list, ids] of [
  ['good', good],
  ['hostile', hostile],
])
  for (const id of ids) {
    const item = document.createElement('li');
    item.append(about('campaign-status-tag', id));
    document.getElementById(list).append(item);
  }
document.getElementById('headers').append(about('campaign-header', good[0]), about('campaign-header', hostile[0]));
// In one line of text, where a text direction that leaks would turn the others around.
document.getElementById('pressed').append(about('campaign-action-button', asked.get('pressed')));
document
  .getElementById('line')
  .append(
    'First ',
    about('campaign-status-tag', good[0]),
    ' then ',
    about('campaign-status-tag', hostile[0]),
    ' last ',
    about('campaign-status-tag', good[1]),
    '.',
  );
document.querySelector('campaign-provider').src = asked.get('src');
