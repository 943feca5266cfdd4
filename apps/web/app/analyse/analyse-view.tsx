'use client';
/** Choose a model, and drop pictures on it: the page asks the API for the model, and then for nothing. */
import { useQuery } from '@apollo/client/react';
import { useQueryState } from 'nuqs';
import { ANALYSE_MODEL_PARAMETER } from '../../address/page-addresses.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { tellProjects } from '../../format/tell-apart.ts';
import { AnalyserModelDocument, AnalyserModelsDocument } from '../../graphql/generated/graphql.ts';
import { Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Analyser } from './analyser.tsx';

const MODELS_MAX = 200;
/** Enough to tell whether they agree on their scale. */
const SLIDES_READ = 50;

export function AnalyseView() {
  const query = useQuery(AnalyserModelsDocument, { variables: { first: MODELS_MAX } });
  const [asked, setAsked] = useQueryState('model', ANALYSE_MODEL_PARAMETER);
  const models = tellProjects(
    query.data?.models.edges.flatMap(({ node }) => (node.champion ? [node] : [])) ?? [],
  );
  const chosen = models.find(({ id }) => id === asked) ?? models[0];
  return (
    <>
      <PageHeader
        title="Analyse"
        note="The promoted model in this browser. What you drop here stays on this machine: the page asks for the model, and then for nothing."
        actions={
          models.length > 1 && (
            <Select
              aria-label="Model"
              className="w-64"
              value={chosen?.id}
              onChange={({ target }) => void setAsked(target.value)}
            >
              {models.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )
        }
      />
      <Notice tone="caution" className="mb-5" title="For research only. Not a medical device.">
        Nothing here is a diagnosis or may stand in for one. A model answers on any picture, also on tissue,
        stains and magnifications that it has never seen.
      </Notice>
      <QueryFrame {...query}>
        {() => (chosen ? <ChosenModel key={chosen.id} id={chosen.id} /> : <NoModel />)}
      </QueryFrame>
    </>
  );
}

function NoModel() {
  return (
    <EmptyState title="No model is promoted yet">
      <TextLink href="/models">Promote a version of a model</TextLink>, and it can be used here.
    </EmptyState>
  );
}

function ChosenModel({ id }: { id: string }) {
  const query = useQuery(AnalyserModelDocument, {
    variables: { id, slides: SLIDES_READ },
    // What is being analysed with is not exchanged under it.
    fetchPolicy: 'cache-first',
  });
  return (
    <QueryFrame {...query} data={query.data?.model} missing="This model">
      {({ name, intendedUse, champion }) =>
        champion ? <Analyser name={name} intendedUse={intendedUse} version={champion} /> : <NoModel />
      }
    </QueryFrame>
  );
}
