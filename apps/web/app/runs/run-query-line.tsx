'use client';
/** The filter line of the run table: typed, completed by the server, and put into the address with Enter. */
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { classNames } from '../../ui/class-names.ts';
import { Input } from '../../ui/field.tsx';
import { type Caret, useQueryCompletions } from './use-query-completions.ts';

const EXAMPLE = 'architecture = deep and validation.auc > 0.9 and lr < 1e-3';

type RunQueryLineProps = {
  value: string;
  /** What the server says of `value`. */
  error?: string | undefined;
  onChange: (query: string) => void;
};

export function RunQueryLine({ value, error, onChange }: RunQueryLineProps) {
  const line = useQueryLine(value, onChange);
  const { caret, completion, isOpen, put } = line;
  const id = useId();
  const note = error ?? (caret.text === value ? '' : 'Enter applies it.');
  return (
    <div className="relative mb-2">
      <Input
        ref={line.input}
        type="search"
        role="combobox"
        aria-label="Filter line"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={completion.marked === null ? undefined : `${id}-${completion.marked}`}
        aria-describedby={`${id}-note`}
        aria-invalid={error ? true : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={EXAMPLE}
        className="h-8 font-mono text-xs"
        value={caret.text}
        onChange={({ target }) =>
          line.type({ text: target.value, at: target.selectionStart ?? target.value.length })
        }
        onKeyDown={line.press}
        onBlur={line.leave}
      />
      {isOpen && <ChoiceList id={id} completion={completion} onTake={put} />}
      <p
        id={`${id}-note`}
        role={error ? 'alert' : undefined}
        className={classNames('min-h-4 text-xs', error ? 'text-danger' : 'text-muted-foreground')}
      >
        {note}
      </p>
    </div>
  );
}

type ChoiceListProps = {
  id: string;
  completion: ReturnType<typeof useQueryCompletions>;
  onTake: (completed: Caret | null) => void;
};

function ChoiceList({ id, completion, onTake }: ChoiceListProps) {
  return (
    <div
      role="listbox"
      id={`${id}-list`}
      aria-label="What may come next"
      className="absolute z-20 mt-1 w-full max-w-xl overflow-hidden rounded-md border border-line-strong bg-surface shadow-lg"
    >
      {completion.choices.map(({ text, about }, choice) => (
        <div
          key={text}
          id={`${id}-${choice}`}
          role="option"
          tabIndex={-1}
          aria-selected={choice === completion.marked}
          // Before the line loses the focus.
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(completion.complete(choice));
          }}
          className={classNames(
            'flex cursor-pointer gap-3 px-2.5 py-1 text-xs hover:bg-surface-muted',
            choice === completion.marked && 'bg-accent-soft',
          )}
        >
          <span className="shrink-0 font-mono">{text}</span>
          <span className="truncate text-muted-foreground">{about}</span>
        </div>
      ))}
    </div>
  );
}

/** What is typed, where the caret stands, and the keys: arrows mark, Tab or Enter take, Escape closes, Enter applies. */
function useQueryLine(value: string, onChange: (query: string) => void) {
  const input = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState<Caret>({ text: value, at: value.length });
  const [isOffered, setOffered] = useState(false);
  const [origin, setOrigin] = useState(value);
  if (origin !== value) {
    setOrigin(value);
    setCaret({ text: value, at: value.length });
  }
  const completion = useQueryCompletions(isOffered ? caret : null);
  const isOpen = isOffered && completion.choices.length > 0;
  useLayoutEffect(() => {
    if (document.activeElement === input.current) input.current?.setSelectionRange(caret.at, caret.at);
  }, [caret]);

  function type(typed: Caret) {
    setCaret(typed);
    setOffered(true);
    completion.unmark();
    // The button that empties the field asks for every run.
    if (typed.text === '' && value !== '') onChange('');
  }
  function apply() {
    setOffered(false);
    if (caret.text.trim() !== value) onChange(caret.text.trim());
  }
  function press(event: KeyboardEvent<HTMLInputElement>) {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (isOpen) completion.mark(key === 'ArrowDown' ? 1 : -1);
      setOffered(true);
    } else if ((key === 'Enter' || key === 'Tab') && isOpen && completion.marked !== null) {
      const completed = completion.complete(completion.marked);
      if (completed) type(completed);
    } else if (key === 'Enter') apply();
    else if (key === 'Escape' && isOpen) setOffered(false);
    else return;
    event.preventDefault();
  }
  const put = (completed: Caret | null) => {
    if (completed) type(completed);
  };
  return { input, caret, completion, isOpen, type, put, press, leave: () => setOffered(false) };
}
