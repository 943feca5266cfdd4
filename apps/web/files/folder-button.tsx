'use client';
/** Chooses a folder with all that is in it, for those who do not drag. */
import { FolderOpen } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../ui/button.tsx';

type FolderButtonProps = {
  /** For screen readers. */
  label: string;
  disabled?: boolean;
  onFiles: (files: FileList) => void;
};

export function FolderButton({ label, disabled = false, onFiles }: FolderButtonProps) {
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button disabled={disabled} onClick={() => inputRef.current?.click()}>
        <FolderOpen aria-hidden />
        Choose a folder
      </Button>
      <input
        ref={(input) => {
          inputRef.current = input;
          if (input) input.webkitdirectory = true;
        }}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={({ target }) => {
          if (target.files) onFiles(target.files);
          // The same folder chosen again is a choice too.
          target.value = '';
        }}
      />
    </>
  );
}
