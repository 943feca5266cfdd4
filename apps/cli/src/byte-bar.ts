/** The bar of commands that go through files, in megabytes. On a terminal alone: elsewhere only the result is of use. */
import cliProgress from 'cli-progress';

const MIB = 1024 * 1024;

type ByteBar = { update(progress: { bytesDone: number; bytesTotal: number }): void; stop(): void };

/** `act`: what is being done, e.g. `checking`. */
export function createByteBar(act: string): ByteBar {
  const format = `${act} {bar} {percentage}% | {value} of {total} MB | {eta_formatted} left`;
  const options = { format, hideCursor: true, barsize: 24 };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  let isStarted = false;
  return {
    update({ bytesDone, bytesTotal }) {
      if (!isStarted) bar.start(Math.ceil(bytesTotal / MIB), 0);
      isStarted = true;
      bar.update(Math.floor(bytesDone / MIB));
    },
    stop: () => bar.stop(),
  };
}

export function formatMegabytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MB`;
}
