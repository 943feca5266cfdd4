/**
 * Another group's data as such a group has them: pictures whose names tell nothing, and a table that tells patient, centre,
 * class and place. It is the page of a mapping, a dataset with sites and three classes, and an exam on other patients.
 */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parsePatchName } from '@microtome/domain/slide/patch-name';
import sharp from 'sharp';
import { generateSample } from '../../apps/cli/src/demo/sample.ts';

const PATIENTS = 15;
const CENTRES = ['Utrecht', 'Nijmegen', 'Groningen'];
/** One patch of so many that show no tumour is an artefact. */
const ARTEFACT_EVERY = 12;
const PATCH_SIZE_PX = 50;

/** Writes `tiles/` and `list.csv` into the folder. */
export async function drawOtherCentre(folder: string): Promise<void> {
  const drawn = await mkdtemp(join(tmpdir(), 'microtome-centre-'));
  try {
    await generateSample({ seed: 77, patients: PATIENTS, patchesPerPatient: 40, path: drawn });
    await mkdir(join(folder, 'tiles'), { recursive: true });
    const files = (await readdir(drawn, { recursive: true })).filter((path) => path.endsWith('.png')).sort();
    const keys = [...new Set(files.map((path) => path.split('/')[0]))];
    const rows = ['tile,case_id,centre,finding,x,y'];
    for (const [at, path] of files.entries()) {
      const told = parsePatchName(basename(path));
      const { height } = await sharp(join(drawn, path)).metadata();
      if (!told || height !== PATCH_SIZE_PX) continue;
      const patient = keys.indexOf(path.split('/')[0]);
      const name = `${String(at + 1).padStart(5, '0')}.png`;
      await cp(join(drawn, path), join(folder, 'tiles', name));
      const finding = told.label === 1 ? 'IDC' : at % ARTEFACT_EVERY === 0 ? 'artefact' : 'not IDC';
      const centre = CENTRES[patient % CENTRES.length];
      rows.push([name, `UMC-${100 + patient}`, centre, finding, told.x - 1, told.y - 1].join(','));
    }
    await writeFile(join(folder, 'list.csv'), rows.join('\n'));
  } finally {
    await rm(drawn, { recursive: true, force: true });
  }
}
