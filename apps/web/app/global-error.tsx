'use client';
/** Shown when even the frame of the pages cannot be drawn: in place of Next.js's own page, which every page would carry. */

export default function FrameError() {
  return (
    <html lang="en">
      <body>
        <main style={{ maxWidth: '32rem', margin: '20vh auto', padding: '0 1rem', fontFamily: 'system-ui' }}>
          <h1>This page cannot be shown</h1>
          <p>Something went wrong while it was drawn.</p>
          <button type="button" onClick={() => window.location.reload()}>
            Load it again
          </button>
        </main>
      </body>
    </html>
  );
}
