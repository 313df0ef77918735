import type { ListColumn } from '../../src/index.ts';

const TEAMS = ['Lifecycle team', 'Loyalty', 'Growth', 'Partner marketing'];

/** A number that a campaign always has, below `end`: it stands for what a host would look up. */
function numberOf(id: string, end: number): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return sum % end;
}

/** What a host knows of campaigns besides their status: as text, as a number, and as something that it renders itself. */
export const hostColumns: readonly ListColumn[] = [
  { key: 'owner', heading: 'Owner', text: ({ ref }) => TEAMS[numberOf(ref.id, TEAMS.length)] },
  {
    key: 'contacts',
    heading: 'Contacts',
    text: ({ ref }) => (numberOf(ref.id, 900) * 127).toLocaleString('en'),
    width: 6,
    align: 'end',
  },
  {
    key: 'sent',
    heading: 'Sent',
    width: 7,
    text: ({ ref }) => `${numberOf(ref.id, 101)} %`,
    render: (cell) => {
      const bar = document.createElement('span');
      const fill = document.createElement('span');
      const words = document.createElement('bdi');
      cell.className = 'host-cell';
      bar.className = 'host-bar';
      bar.append(fill);
      cell.append(bar, words);
      return {
        update: ({ ref }) => {
          const sent = numberOf(ref.id, 101);
          fill.style.inlineSize = `${sent}%`;
          words.textContent = `${sent} %`;
        },
      };
    },
  },
];
