/** The keys that the dashboard listens to, as its sheet tells them. A key that is added or leaves is a line here. */

type Shortcut = { keys: readonly string[]; act: string };
type ShortcutGroup = { title: string; shortcuts: readonly Shortcut[] };

/** `Mod`: Cmd on a Mac, Ctrl elsewhere. */
export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = [
  {
    title: 'On every page',
    shortcuts: [
      { keys: ['Mod', 'K'], act: 'Go to anything, do anything' },
      { keys: ['?'], act: 'Show this sheet' },
      { keys: ['Esc'], act: 'Close what is open; the focus goes back' },
      { keys: ['Tab'], act: 'From one control to the next; first of all, skip to the content' },
    ],
  },
  {
    title: 'In "Go to anything"',
    shortcuts: [
      { keys: ['↓', '↑'], act: 'Mark the next or the one before' },
      { keys: ['Enter'], act: 'Go there, or do it' },
      { keys: ['Mod', 'Enter'], act: 'Open it in a new tab' },
    ],
  },
  {
    title: 'In the run table',
    shortcuts: [
      { keys: ['↓', '↑'], act: 'In the filter line: mark a completion' },
      { keys: ['Enter'], act: 'In the filter line: take the marked completion, or apply the line' },
      { keys: ['Shift', 'click'], act: 'On a title: sort by this too' },
      { keys: ['←', '→'], act: 'On the edge of a title: make the column narrower or wider' },
      { keys: ['Enter'], act: "In a row's name or tags: save; Esc leaves them as they were" },
    ],
  },
  {
    title: 'On a slide',
    shortcuts: [
      { keys: ['→', '←'], act: 'To the next hot spot, or the one before' },
      { keys: ['↓', '↑'], act: 'To the next error, or the one before' },
      { keys: ['+', '-'], act: 'Closer, or further away' },
      { keys: ['0'], act: 'The whole slide' },
      { keys: ['R'], act: 'A quarter turn clockwise; with Shift, back' },
    ],
  },
];
