-- What was drawn on a slide whose patches an import cut, to be shown over it.

create table slide_outline (
  slide_id uuid not null,
  position integer not null,
  name text not null,
  class_name text,
  role text not null,
  rings jsonb not null,
  constraint slide_outline_pkey primary key (slide_id, position),
  constraint slide_outline_slide_id_fkey foreign key (slide_id) references slide (id) on delete cascade on update cascade,
  constraint slide_outline_role_check check (role in ('POSITIVE', 'HOLE', 'OTHER')),
  constraint slide_outline_sane check (position >= 0 and jsonb_typeof(rings) = 'array')
);
create trigger slide_outline_no_update before update on slide_outline
  for each statement execute function refuse_change();
