/** How a report looks as a file: light, dark and on paper, without anything from elsewhere. */

export const REPORT_STYLE = `
:root { color-scheme: light dark; --text: #231f29; --muted: #655f6d; --line: #d5d1da; --page: #fff; --tint: #f6f4f7; --accent: #8e1f8f; }
@media (prefers-color-scheme: dark) { :root { --text: #ece9ef; --muted: #aaa4b3; --line: #453f4d; --page: #17141b; --tint: #221e28; --accent: #dd86de; } }
@media print { :root { color-scheme: light; --text: #231f29; --muted: #655f6d; --line: #d5d1da; --page: #fff; --tint: #fff; --accent: #8e1f8f; } }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.4rem 0 0; } h2 { font-size: 1.15rem; margin: 1.8rem 0 0.4rem; } h3, h4, h5, h6 { font-size: 1.02rem; margin: 1.4rem 0 0.2rem; }
p { margin: 0.5rem 0; } .muted, header p, footer, caption { color: var(--muted); } a { color: var(--accent); }
.text { max-width: 48rem; } .panel { break-inside: avoid; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.88rem; margin: 0.5rem 0; } caption { text-align: left; font-size: 0.82rem; padding-bottom: 0.2rem; }
th, td { text-align: left; vertical-align: top; padding: 0.28rem 0.9rem 0.28rem 0; border-bottom: 1px solid var(--line); } th { color: var(--muted); font-weight: 600; }
.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; } figure { margin: 0; break-inside: avoid; } figure svg { display: block; width: 100%; height: auto; background: #fff; border-radius: 4px; }
pre { background: var(--tint); border: 1px solid var(--line); padding: 0.6rem 0.8rem; white-space: pre-wrap; font-size: 0.82rem; } code { font-size: 0.92em; } blockquote { margin: 0.5rem 0; padding-left: 0.9rem; border-left: 2px solid var(--line); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.6rem; font-size: 0.82rem; }
`;
