/** The certificate of a split: what a reader of a paper has to know of it, and from what it can be made again. */
import type { SplitCertificate } from '@microtome/domain/listed-split/split-certificate';
import { builder } from '../../graphql/builder.ts';
import { makeSplitCertificate } from '../../split-certificate/make-split-certificate.ts';
import { SplitRef } from './split.ts';

/** The rest is counted, and in the JSON. */
const SHARED_MAX = 500;

const CertifiedSideRef = builder
  .objectRef<SplitCertificate['sides'][number] & { patches: number }>('CertifiedSide')
  .implement({
    description: 'One side of a certified split.',
    fields: (t) => ({
      side: t.exposeString('side', { description: 'TRAIN, VALIDATION or TEST.' }),
      units: t.exposeInt('units', {
        description: 'Different units; where nothing binds patches together, files.',
      }),
      shared: t.exposeInt('shared', { description: 'Those that are on another side too.' }),
      patches: t.exposeInt('patches', { description: 'Full-size patches.' }),
      idsDigest: t.exposeString('idsDigest', { description: 'SHA-256 over the sorted ids, one a line.' }),
    }),
  });

const SiteUnitsRef = builder
  .objectRef<SplitCertificate['sites'][number]['units'][number]>('CertifiedSiteUnits')
  .implement({
    description: 'Units of one site on one side.',
    fields: (t) => ({
      side: t.exposeString('side', { description: 'The side.' }),
      units: t.exposeInt('units', { description: 'How many units.' }),
    }),
  });

const CertifiedSiteRef = builder.objectRef<SplitCertificate['sites'][number]>('CertifiedSite').implement({
  description: 'One site of a certified split.',
  fields: (t) => ({
    site: t.exposeString('site', { description: 'Its name.' }),
    units: t.field({ type: [SiteUnitsRef], description: 'By side.', resolve: ({ units }) => units }),
  }),
});

type Kept = SplitCertificate & Required<Pick<SplitCertificate, 'kept'>>;

const SplitCertificateRef = builder.objectRef<Kept>('SplitCertificate').implement({
  description: 'What was divided, how much lies where, what was checked, and what was found.',
  fields: (t) => ({
    statement: t.string({
      description: 'What a paper has to say of its split, as TRIPOD+AI and CLAIM ask.',
      resolve: ({ kept }) => kept.statement,
    }),
    sides: t.field({
      type: [CertifiedSideRef],
      description: 'The sides.',
      resolve: ({ sides, kept }) =>
        sides.map((side) => ({
          ...side,
          patches: kept.patches.find((own) => own.side === side.side)?.patches ?? 0,
        })),
    }),
    sites: t.field({
      type: [CertifiedSiteRef],
      description: 'The sites, where they are told.',
      resolve: ({ sites }) => sites,
    }),
    checked: t.stringList({
      description: 'What was checked, with what was found.',
      resolve: ({ checked, kept }) => [...checked, ...(kept.audit?.checked ?? [])],
    }),
    notChecked: t.stringList({
      description: 'What was not checked, and why.',
      resolve: ({ notChecked, kept }) =>
        kept.audit ? [...notChecked.slice(1), ...kept.audit.notes] : notChecked,
    }),
    isClean: t.exposeBoolean('isClean', { description: 'Whether no unit is on two sides.' }),
    sharedCount: t.int({
      description: 'Units on several sides.',
      resolve: ({ sharedUnits }) => sharedUnits.length,
    }),
    shared: t.stringList({
      description: `They, by key; the first ${SHARED_MAX}.`,
      resolve: ({ sharedUnits }) => sharedUnits.slice(0, SHARED_MAX),
    }),
  }),
});

builder.prismaObjectField(SplitRef, 'certificate', (t) =>
  t.field({
    type: SplitCertificateRef,
    select: { id: true },
    description:
      'Its certificate, made now. Downloads: /splits/ID/certificate.pdf, certificate.json, and list.csv, from which it can be made again.',
    resolve: async ({ id }, _args, context) => {
      const { certificate } = await makeSplitCertificate(context, id);
      return { ...certificate, kept: certificate.kept! };
    },
  }),
);
