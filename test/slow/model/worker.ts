/** Runs the batches that it is sent, in its own process. */
import { runBatch, type Batch } from './batch.ts';

process.on('message', (batch: Batch) => {
  void runBatch(batch).then((result) => process.send!(result));
});
// The worker ends with its parent, even if a failed schedule left timers or connections behind.
process.on('disconnect', () => process.exit());
