/**
 * Runs before a page is joined to its document, by a name that Next.js gives. Where the first sight is curves, what draws them is asked for here
 * already: a page's own scripts are read after those of all pages.
 */
import { loadDrawing } from './charts/load-drawing.ts';

const PAGE_OF_RUN = /^\/runs\/[\da-f]+-[\da-f-]+\/?$/;

if (PAGE_OF_RUN.test(location.pathname)) loadDrawing().catch(() => undefined);
