-- What an import changed about pixels on the way in, and from where a source's names count places.

alter table dataset add column places_from smallint not null default 1;
alter table dataset add constraint dataset_places_from_check check (places_from in (0, 1));

create table pixel_change (
  dataset_id uuid not null,
  code text not null,
  file_count integer not null,
  paths text[] not null,
  constraint pixel_change_pkey primary key (dataset_id, code),
  constraint pixel_change_dataset_id_fkey foreign key (dataset_id) references dataset (id)
    on delete cascade on update cascade,
  constraint pixel_change_count_check check (code <> '' and file_count >= cardinality(paths) and file_count > 0)
);
create trigger pixel_change_no_update before update on pixel_change
  for each statement execute function refuse_change();
