/** Plays the batches that it is sent, in a process of its own. */
import { runBatch, type Batch } from './batch.ts';

process.on('message', (batch: Batch) => {
  void runBatch(batch).then((result) => process.send!(result));
});
