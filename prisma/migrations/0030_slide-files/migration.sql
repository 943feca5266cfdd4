-- A slide that was cut by the import remembers the scanner's file: where it lies, what is in it, its size and its scale.

alter table slide
  add column file_path text,
  add column file_digest text,
  add column file_width_px integer,
  add column file_height_px integer,
  add column file_microns_per_pixel double precision,
  add constraint slide_file_whole check (
    num_nulls(file_path, file_digest, file_width_px, file_height_px, file_microns_per_pixel) in (0, 5)),
  add constraint slide_file_sane check (
    file_path <> '' and file_digest ~ '^[0-9a-f]{64}$' and file_width_px > 0 and file_height_px > 0
    and file_microns_per_pixel > 0);
