/** An import's state in words and as a share of a bar. Pure. */
import { formatCount, formatRate } from '../../format/format-number.ts';
import { formatTimeLeft } from '../../format/format-time.ts';

type ImportFacts = {
  name: string;
  status: string;
  phase: string;
  filesTotal?: number | null;
  filesDone: number;
  filesRefused: number;
  filesPerSecond?: number | null;
  secondsLeft?: number | null;
  reused: boolean;
};

type ImportDescription = { title: string; share: number | null; line: string };

/** The share is null while the number of files is not known: the bar then only shows activity. */
export function describeImport(facts: ImportFacts): ImportDescription {
  const { status, filesTotal, filesDone } = facts;
  if (status === 'SUCCEEDED') {
    const title = facts.reused ? `${facts.name} already exists` : `${facts.name} was imported`;
    const line = facts.reused
      ? 'The same files were imported before; that dataset is used.'
      : countFiles(facts);
    return { title, share: 1, line };
  }
  if (status === 'CANCELED')
    return { title: `${facts.name} was canceled`, share: 0, line: 'Nothing was kept.' };
  const share = filesTotal ? filesDone / filesTotal : null;
  const parts = [facts.phase, countFiles(facts)];
  if (facts.filesPerSecond) parts.push(formatRate(facts.filesPerSecond, 'files'));
  if (share !== null && share < 1) parts.push(formatTimeLeft(facts.secondsLeft));
  return { title: `Importing ${facts.name}`, share, line: parts.join(' · ') };
}

function countFiles({ filesDone, filesTotal, filesRefused }: ImportFacts): string {
  const done = filesTotal
    ? `${formatCount(filesDone)} of ${formatCount(filesTotal)} files`
    : `${formatCount(filesDone)} files`;
  return filesRefused > 0 ? `${done}, ${formatCount(filesRefused)} refused` : done;
}
