'use client';
/** Which model is asked about which slides: a version, a path, and the µm per pixel where nothing tells them. */
import { useMutation, useQuery } from '@apollo/client/react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { OwnNameField } from '../../access/own-name-field.tsx';
import { describeError } from '../../api/error-sentence.ts';
import { countNoun } from '../../format/count-noun.ts';
import { tellProjects } from '../../format/tell-apart.ts';
import {
  AnalyseSlideDocument,
  type AnalyseSlideMutation,
  AnalysingModelsDocument,
  type AnalysingModelsQuery,
} from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FolderBrowser } from '../datasets/import/folder-browser.tsx';

const MODELS = 200;

type AnalyseFormProps = {
  /** That the form begins with; the first champion when empty. */
  versionId: string;
  onAsked: () => unknown;
};

type Draft = { version: string; path: string; microns: string; slideMicrons: string; who: string };

export function AnalyseForm({ versionId, onAsked }: AnalyseFormProps) {
  const { data, error } = useQuery(AnalysingModelsDocument, { variables: { first: MODELS } });
  const [ask, asking] = useMutation(AnalyseSlideDocument);
  const form = useForm<Draft>({
    defaultValues: { version: versionId, path: '', microns: '', slideMicrons: '', who: '' },
  });
  const models = tellProjects(data?.models.edges.map(({ node }) => node) ?? []);
  const submit = form.handleSubmit((draft) => {
    const input = {
      versionId: draft.version || findFirst(models),
      path: draft.path.trim(),
      micronsPerPixel: readNumber(draft.microns),
      slideMicronsPerPixel: readNumber(draft.slideMicrons),
      requestedBy: draft.who.trim() || null,
    };
    // What is wrong stands below.
    return ask({ variables: { input } }).then(onAsked, () => undefined);
  });
  const failure = asking.error ?? error;
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} aria-label="Analyse slides">
      <Field label="Model version">
        <Select {...form.register('version')}>
          {listVersions(models).map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Slide or folder" hint="On the machine of the API and its workers.">
        <Input {...form.register('path')} required className="font-mono" />
      </Field>
      <FolderBrowser wanted="slides" onChoose={(path) => form.setValue('path', path)} />
      <Scales form={form} />
      <OwnNameField
        hint="Recorded with the result."
        registered={form.register('who')}
        fill={(name) => form.setValue('who', name)}
      />
      {failure && (
        <Notice tone="danger" title="Nothing was asked">
          <p className="break-words">{describeError(failure)}</p>
        </Notice>
      )}
      {asking.data && <Outcome asked={asking.data.analyseSlide} />}
      <Button
        type="submit"
        look="primary"
        className="self-start"
        disabled={models.length === 0 || asking.loading}
      >
        Analyse
      </Button>
    </form>
  );
}

function Scales({ form }: { form: UseFormReturn<Draft> }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="µm per pixel of the model" hint="Where its dataset does not tell.">
        <Input {...form.register('microns')} inputMode="decimal" />
      </Field>
      <Field label="µm per pixel of the slides" hint="Of those that tell none.">
        <Input {...form.register('slideMicrons')} inputMode="decimal" />
      </Field>
    </div>
  );
}

function listVersions(models: readonly Model[]): { id: string; label: string }[] {
  const champions = new Set(models.map(({ champion }) => champion?.id));
  const all = models.flatMap((model) =>
    model.versions.map(({ id, number }) => {
      const label = `${model.name} v${number}${champions.has(id) ? ' (champion)' : ''}`;
      return { id, label };
    }),
  );
  // The first one is chosen where none was asked for.
  return all.toSorted((a, b) => Number(champions.has(b.id)) - Number(champions.has(a.id)));
}

function Outcome({ asked: { analyses, refused } }: { asked: AnalyseSlideMutation['analyseSlide'] }) {
  return (
    <Notice
      tone={refused.length > 0 ? 'caution' : 'info'}
      title={`${countNoun(analyses.length, 'slide')} in the queue`}
    >
      {refused.length > 0 && (
        <ul className="text-sm break-words">
          {refused.map(({ path, reason }) => (
            <li key={path}>
              {path}: {reason}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

type Model = AnalysingModelsQuery['models']['edges'][number]['node'];

function findFirst(models: readonly Model[]): string {
  return listVersions(models)[0]?.id ?? '';
}

/** What is no number is sent as one that is refused with its sentence. */
function readNumber(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : 0;
}
