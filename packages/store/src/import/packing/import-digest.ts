/**
 * The identity of an import: sha256 over the lines `PATIENT/CLASS/FILE TAB SHA256-OF-FILE LF` of all its files,
 * sorted by name. A zip and its unpacked folder have one digest, whatever folders lie around the patients.
 */
import { createHash } from 'node:crypto';
import { invariant } from '@microtome/domain/app-error';

type ImportDigest = {
  /** Patients come in ascending order, the files of one patient in any. */
  add(file: { patientKey: string; name: string; fileHash: Uint8Array }): void;
  /** Hexadecimal. Nothing can be added afterwards. */
  finish(): string;
};

/**
 * A digest that holds the lines of one patient at a time. Keys of digits all sort after the `/` that ends a key, so that
 * the order by patient and then by name is the order by name.
 */
export function createImportDigest(): ImportDigest {
  const digest = createHash('sha256');
  let lines: string[] = [];
  let currentKey = '';

  function flush(): void {
    digest.update(lines.sort().join(''));
    lines = [];
  }

  return {
    add({ patientKey, name, fileHash }) {
      if (patientKey !== currentKey) {
        invariant(patientKey > currentKey, `patient ${patientKey} came after ${currentKey}`);
        flush();
        currentKey = patientKey;
      }
      lines.push(`${name}\t${Buffer.from(fileHash).toString('hex')}\n`);
    },
    finish() {
      flush();
      return digest.digest('hex');
    },
  };
}
