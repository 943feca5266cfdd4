/** The tags of a slide's DICOM instance, and the codes of what can be read of it and of what cannot, by name. */

export const DICOM_TAGS = {
  sopClass: 'x00020002',
  transferSyntax: 'x00020010',
  imageType: 'x00080008',
  series: 'x0020000e',
  concatenation: 'x00209161',
  numberInConcatenation: 'x00209162',
  totalInConcatenation: 'x00209163',
  concatenationFrameOffset: 'x00209228',
  dimensionOrganization: 'x00209311',
  samplesPerPixel: 'x00280002',
  photometric: 'x00280004',
  planarConfiguration: 'x00280006',
  frameCount: 'x00280008',
  frameHeight: 'x00280010',
  frameWidth: 'x00280011',
  pixelSpacing: 'x00280030',
  bitsAllocated: 'x00280100',
  bitsStored: 'x00280101',
  pixelMeasures: 'x00289110',
  matrixWidth: 'x00480006',
  matrixHeight: 'x00480007',
  planePosition: 'x0048021a',
  columnPosition: 'x0048021e',
  rowPosition: 'x0048021f',
  opticalPathCount: 'x00480302',
  focalPlaneCount: 'x00480303',
  sharedGroups: 'x52009229',
  perFrameGroups: 'x52009230',
  extendedOffsets: 'x7fe00001',
  extendedLengths: 'x7fe00002',
  pixels: 'x7fe00010',
} as const;

export const WHOLE_SLIDE_CLASS = '1.2.840.10008.5.1.4.1.1.77.1.6';
const CLASS_NAMES: Record<string, string> = {
  '1.2.840.10008.5.1.4.1.1.66.4': 'a segmentation of a slide',
  '1.2.840.10008.5.1.4.1.1.66.5': 'a segmentation of a surface',
  '1.2.840.10008.5.1.4.1.1.91.1': 'annotations of a slide',
  '1.2.840.10008.1.3.10': 'a DICOMDIR',
};

export type FrameCoding = 'NONE' | 'JPEG' | 'JPEG_2000' | 'JPEG_LS';
const CODINGS: Record<string, FrameCoding> = {
  '1.2.840.10008.1.2': 'NONE',
  '1.2.840.10008.1.2.1': 'NONE',
  '1.2.840.10008.1.2.4.50': 'JPEG',
  '1.2.840.10008.1.2.4.51': 'JPEG',
  '1.2.840.10008.1.2.4.80': 'JPEG_LS',
  '1.2.840.10008.1.2.4.81': 'JPEG_LS',
  '1.2.840.10008.1.2.4.90': 'JPEG_2000',
  '1.2.840.10008.1.2.4.91': 'JPEG_2000',
};
const UNREAD_CODINGS: Record<string, string> = {
  '1.2.840.10008.1.2.1.99': 'deflated',
  '1.2.840.10008.1.2.2': 'big endian',
  '1.2.840.10008.1.2.5': 'run lengths (RLE)',
  '1.2.840.10008.1.2.4.57': 'lossless JPEG',
  '1.2.840.10008.1.2.4.70': 'lossless JPEG',
  '1.2.840.10008.1.2.4.110': 'JPEG XL',
  '1.2.840.10008.1.2.4.111': 'JPEG XL',
  '1.2.840.10008.1.2.4.112': 'JPEG XL',
  '1.2.840.10008.1.2.4.201': 'high-throughput JPEG 2000',
  '1.2.840.10008.1.2.4.202': 'high-throughput JPEG 2000',
  '1.2.840.10008.1.2.4.203': 'high-throughput JPEG 2000',
};

export function findCoding(transferSyntax: string): FrameCoding | null {
  return CODINGS[transferSyntax] ?? null;
}

export function nameTransferSyntax(uid: string): string {
  const name = UNREAD_CODINGS[uid];
  return name ? `${name} (transfer syntax ${uid})` : `transfer syntax ${uid}`;
}

export function nameClass(uid: string): string {
  return CLASS_NAMES[uid] ?? `an object of the class ${uid}`;
}
