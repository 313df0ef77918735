import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CampaignProvider } from '../../../src/index.ts';
import { ar } from '../../../src/i18n/ar.ts';
import { de } from '../../../src/i18n/de.ts';
import { en, Localizer, type Translations } from '../../../src/i18n/index.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';

describe('the code in “Languages”', () => {
  const folder = new DocFolder('.languages');
  const files = ['use.ts', 'regions.ts', 'lazy.ts', 'tables.ts', 'terms.ts', 'exchange.ts'];
  const provider = (): CampaignProvider => ({ translations: undefined, timeZone: '' }) as CampaignProvider;

  before(async () => {
    const code = await codeBlocks('docs/languages.md', 'ts');
    assert.equal(code.length, files.length);
    await Promise.all(code.map((block, index) => folder.write(files[index]!, block)));
  });

  after(() => folder.remove());

  it('type-checks', () => folder.typeCheck());

  it('shows a language, at once and when it is chosen', async () => {
    const { showGerman } = await folder.load<{ showGerman: (given: CampaignProvider) => void }>('use.ts');
    const given = provider();
    showGerman(given);
    assert.equal(given.translations, de);
    assert.equal(given.timeZone, 'Europe/Berlin');

    const { choose } = await folder.load<{ choose: (to: CampaignProvider, language: string) => Promise<void> }>(
      'lazy.ts',
    );
    await choose(given, 'ar');
    assert.equal(given.translations, ar);
    await choose(given, 'en');
    assert.equal(given.translations, undefined);
  });

  it('changes the numbers and dates of a region', async () => {
    const { british, austrian } = await folder.load<Record<'british' | 'austrian', Translations>>('regions.ts');
    assert.match(new Localizer(british, 'UTC').dateTime(0), /^1 Jan 1970/);
    assert.equal(new Localizer(austrian).format('status.gone'), 'Entfernt');
  });

  it('has tables with some texts, of the kit and of a lifecycle', async () => {
    const { dutch, ownWords } = await folder.load<Record<'dutch' | 'ownWords', Translations>>('tables.ts');
    assert.equal(new Localizer(dutch).format('list.count', { count: 2 }), '2 campagnes');
    assert.equal(new Localizer(dutch).format('status.gone'), 'Removed');
    assert.equal(new Localizer(ownWords).format('list.empty'), 'Créez votre première campagne.');
    assert.equal(new Localizer(ownWords).format('status.gone'), 'Supprimée');

    const { paths, german } = await folder.load<{ paths: string[]; german: Translations }>('terms.ts');
    assert.deepEqual(
      Object.keys(german.terms!).filter((path) => !paths.includes(path)),
      [],
    );
  });

  it('writes and reads a file for translators', async () => {
    const { source, read } = await folder.load<{ source: string; read: (json: string) => Translations }>('exchange.ts');
    assert.deepEqual(read(source), { lang: 'it', messages: en, terms: {} });
  });
});
