/** Plays the batches that it is sent, in a process of its own. */
import { runBatch, type Batch } from './batch.ts';

process.on('message', (batch: Batch) => {
  void runBatch(batch).then((result) => process.send!(result));
});
// Whatever a schedule that went wrong has left behind, it ends with whom it works for.
process.on('disconnect', () => process.exit());
