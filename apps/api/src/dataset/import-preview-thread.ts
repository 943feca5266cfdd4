/** The entry of a thread that looks at what an import would bring in, or at the slides that it would cut. */
import { AppError } from '@microtome/domain/app-error';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import { type ImportPreview, previewImport } from '@microtome/store/import/preview-import';
import { previewTiling, type SlidePreview, type TilingPreview } from '@microtome/store/import/preview-tiling';
import { drawMask } from '@microtome/store/import/tiling/draw-mask';

const PICTURE_SIDE_MAX_PX = 512;

type PicturedSlide = SlidePreview & {
  /** Data URLs of two pictures of one size: the slide, and what was taken for tissue and ink, to be laid over it. */
  picture: string;
  overlay: string;
};
export type PicturedTiling = Omit<TilingPreview, 'slides'> & { slides: PicturedSlide[] };

/** An AppError travels in parts: a class does not survive the way between threads. */
type Refused = { refusal: Pick<AppError, 'code' | 'message' | 'details'> };
export type Outcome<Seen> = { seen: Seen } | Refused;

type ImportLook = {
  input: ImportOptionsInput;
  /** For what the look unpacks; it is removed after the thread, which may be ended. */
  scratch: string;
};
export type TilingLook = { input: ImportOptionsInput; skip: number; first: number };

export async function look({ input, scratch }: ImportLook): Promise<Outcome<ImportPreview>> {
  return tellOutcome(() => previewImport({ ...input, scratch }));
}

export async function lookAtSlides({ input, skip, first }: TilingLook): Promise<Outcome<PicturedTiling>> {
  return tellOutcome(async () => {
    const slides: PicturedSlide[] = [];
    const { slides: _, ...preview } = await previewTiling({
      ...input,
      ...{ skip, first },
      async onSlide(seen, slide) {
        const { picture, overlay } = await drawMask(slide, PICTURE_SIDE_MAX_PX);
        const urls = { picture: toUrl(picture, 'webp'), overlay: toUrl(overlay, 'png') };
        slides.push({ ...seen, ...urls });
      },
    });
    return { ...preview, slides };
  });
}

function toUrl(bytes: Buffer, kind: 'webp' | 'png'): string {
  return `data:image/${kind};base64,${bytes.toString('base64')}`;
}

async function tellOutcome<Seen>(act: () => Promise<Seen>): Promise<Outcome<Seen>> {
  try {
    return { seen: await act() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, details } = error;
    return { refusal: { code, message, details } };
  }
}
