/** Files that are dropped on a page: Parquet becomes the text that says the same, and what cannot be read gets a sentence. */
import { zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { readTextFiles } from '../../../apps/web/form/text-files.ts';
import { packSmall, SMALL } from '../../store/scored-table/tables.ts';

const WORDS = { noun: 'table', command: 'npm run evaluate' };

const read = (bytes: Uint8Array | string, name = 'scores.parquet') =>
  readTextFiles([new File([bytes as BlobPart], name)], WORDS);

it('reads Parquet as the text that says the same, packed by Snappy, Zstandard or not at all', async () => {
  const packed = [
    packSmall(),
    packSmall({ codec: 'UNCOMPRESSED' }),
    packSmall({ codec: 'ZSTD', compressors: { ZSTD: (bytes) => new Uint8Array(zstdCompressSync(bytes)) } }),
  ];
  for (const bytes of packed) {
    expect(await read(bytes)).toEqual({ files: [{ name: 'scores.parquet', text: SMALL }] });
  }
});

it('keeps what stands in a cell: commas, quotes, breaks, and nothing', async () => {
  const columnData = [
    { name: 'site, of it', data: ['a "b"', null, 'c\nd'] },
    {
      name: 'score',
      data: [1, 2n, null].map((one) => (one === null ? null : Number(one))),
      type: 'DOUBLE' as const,
    },
  ];
  expect(await read(new Uint8Array(parquetWriteBuffer({ columnData })))).toEqual({
    files: [{ name: 'scores.parquet', text: '"site, of it",score\n"a ""b""",1\n,2\n"c\nd",\n' }],
  });
});

it('says in a sentence what it does not read', async () => {
  const gzip = { codec: 'GZIP' as const, compressors: { GZIP: (bytes: Uint8Array) => bytes } };
  expect(await read(packSmall(gzip))).toEqual({
    refusal:
      'scores.parquet cannot be read as Parquet here: parquet unsupported compression codec: GZIP. npm run evaluate reads any.',
  });
  const cut = packSmall().subarray(0, 60);
  expect(await read(cut)).toEqual({ refusal: expect.stringContaining('cannot be read as Parquet here: ') });
  // Much of the same is short as Parquet, and long as text.
  const wide = parquetWriteBuffer({
    columnData: [{ name: 'label', data: Array(400_000).fill('x'.repeat(50)) }],
  });
  expect(await read(new Uint8Array(wide))).toEqual({
    refusal:
      'The table in scores.parquet has more than 16 MB as text: at most 16 are taken here, and any number by npm run evaluate.',
  });
  expect(await read('a,b\n1,2\n', 'plain.csv')).toEqual({
    files: [{ name: 'plain.csv', text: 'a,b\n1,2\n' }],
  });
});
