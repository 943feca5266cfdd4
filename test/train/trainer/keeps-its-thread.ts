/** A process that ends with its parent, and whose main thread hears of nothing any more. */
import { endWithParent } from '../../../workers/train/src/trainer/parent-watch.ts';

endWithParent();
process.send!(process.pid, () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
