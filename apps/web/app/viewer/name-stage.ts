/** What a saved picture of a slide is called: the patient, the slide where the patient may have several, and whose opinion lies over it. Pure. */

type NamedSlide = { key: string; patient: { key: string } };

export function nameStage({ key, patient }: NamedSlide, opinion: string): string {
  return [patient.key, key === patient.key ? '' : key, opinion].filter(Boolean).join(', ');
}
