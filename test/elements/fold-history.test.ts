import { expect } from '@open-wc/testing';
import { foldHistory } from '../../src/elements/shared/history/fold-history.ts';
import type { HistoryEntryView } from '../../src/store/index.ts';

const error = (at: number, message = 'Channel Email is not running.'): HistoryEntryView => ({
  status: 'error',
  at,
  message,
});
const folds = (...entries: HistoryEntryView[]) =>
  foldHistory(entries).map(({ entry, times, since }) => [entry.at, times, since]);

describe('foldHistory', () => {
  it('folds equal errors in a row into the newest one, and counts them since the oldest', () => {
    expect(folds(error(9), error(7), error(4))).to.deep.equal([[9, 3, 4]]);
  });

  it('keeps the order, and what stands between equal errors apart', () => {
    const active: HistoryEntryView = { status: 'active', at: 5, changedBy: 'Scheduler' };
    expect(folds(error(9), error(7), active, error(4))).to.deep.equal([
      [9, 2, 7],
      [5, 1, 5],
      [4, 1, 4],
    ]);
  });

  it('does not fold entries that differ in status, message or who changed it', () => {
    const entries = [
      error(9),
      error(8, 'Agent Writer is in error.'),
      { ...error(7), changedBy: 'Watchdog' },
      { ...error(6), status: 'inactive' },
    ];
    expect(folds(...entries).map(([, times]) => times)).to.deep.equal([1, 1, 1, 1]);
  });

  it('never folds what somebody did', () => {
    const start: HistoryEntryView = { status: 'active', at: 2, action: 'start', changedBy: 'Lifecycle team' };
    expect(folds({ ...start, at: 3 }, start)).to.have.length(2);
  });

  it('of nothing gives nothing', () => {
    expect(foldHistory([])).to.deep.equal([]);
  });
});
