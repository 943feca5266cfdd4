-- What MLflow clients keep beyond experiments, runs, numbers and files, which are ours: the life of an experiment, data sets
-- that were read, logged models, and a registry without a gate.

create table mlflow_experiment (
  experiment_id uuid not null,
  is_default boolean not null default false,
  artifact_location text,
  tags jsonb not null default '{}',
  updated_at timestamptz(3) not null default current_timestamp,
  deleted_at timestamptz(3),
  constraint mlflow_experiment_pkey primary key (experiment_id),
  constraint mlflow_experiment_tags_object check (jsonb_typeof(tags) = 'object'),
  constraint mlflow_experiment_experiment_id_fkey foreign key (experiment_id) references experiment (id)
    on delete cascade on update cascade
);
create unique index mlflow_experiment_one_default on mlflow_experiment (is_default) where is_default;

create table run_dataset_input (
  run_id uuid not null,
  name text not null,
  digest text not null,
  source_type text not null,
  source text not null,
  schema text,
  profile text,
  tags jsonb not null default '[]',
  created_at timestamptz(3) not null default current_timestamp,
  constraint run_dataset_input_pkey primary key (run_id, name, digest),
  constraint run_dataset_input_tags_array check (jsonb_typeof(tags) = 'array'),
  constraint run_dataset_input_run_id_fkey foreign key (run_id) references run (id) on delete cascade on update cascade
);

create table logged_model (
  id text not null,
  experiment_id uuid not null,
  name text not null,
  model_type text not null default '',
  source_run_id text not null default '',
  status text not null default 'PENDING',
  status_message text not null default '',
  params jsonb not null default '{}',
  tags jsonb not null default '{}',
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp,
  deleted_at timestamptz(3),
  constraint logged_model_pkey primary key (id),
  constraint logged_model_status_word check (status in ('PENDING', 'READY', 'UPLOAD_FAILED')),
  constraint logged_model_params_object check (jsonb_typeof(params) = 'object'),
  constraint logged_model_tags_object check (jsonb_typeof(tags) = 'object'),
  constraint logged_model_experiment_id_fkey foreign key (experiment_id) references experiment (id)
    on delete cascade on update cascade
);
create index logged_model_experiment_id_created_at_idx on logged_model (experiment_id, created_at);

create table logged_model_metric (
  model_id text not null,
  run_id uuid not null,
  name text not null,
  step integer not null,
  at timestamptz(3) not null,
  value double precision not null,
  dataset_name text not null default '',
  dataset_digest text not null default '',
  constraint logged_model_metric_pkey
    primary key (model_id, run_id, name, step, at, value, dataset_name, dataset_digest),
  constraint logged_model_metric_model_id_fkey foreign key (model_id) references logged_model (id)
    on delete cascade on update cascade,
  constraint logged_model_metric_run_id_fkey foreign key (run_id) references run (id) on delete cascade on update cascade
);
create index logged_model_metric_run_id_idx on logged_model_metric (run_id);

create table logged_model_file (
  model_id text not null,
  path text not null,
  artifact_hash text not null,
  created_at timestamptz(3) not null default current_timestamp,
  constraint logged_model_file_pkey primary key (model_id, path),
  constraint logged_model_file_model_id_fkey foreign key (model_id) references logged_model (id)
    on delete cascade on update cascade,
  constraint logged_model_file_artifact_hash_fkey foreign key (artifact_hash) references artifact (hash)
    on delete restrict on update cascade
);
create index logged_model_file_artifact_hash_idx on logged_model_file (artifact_hash);

create table run_model_link (
  run_id uuid not null,
  model_id text not null,
  kind text not null,
  step integer not null default 0,
  constraint run_model_link_pkey primary key (run_id, model_id, kind),
  constraint run_model_link_kind_word check (kind in ('INPUT', 'OUTPUT')),
  constraint run_model_link_run_id_fkey foreign key (run_id) references run (id) on delete cascade on update cascade,
  constraint run_model_link_model_id_fkey foreign key (model_id) references logged_model (id)
    on delete cascade on update cascade
);
create index run_model_link_model_id_idx on run_model_link (model_id);

create table mlflow_model (
  id uuid not null,
  name text not null,
  description text not null default '',
  tags jsonb not null default '{}',
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp,
  constraint mlflow_model_pkey primary key (id),
  constraint mlflow_model_tags_object check (jsonb_typeof(tags) = 'object')
);
create unique index mlflow_model_name_key on mlflow_model (name);

create table mlflow_version (
  model_id uuid not null,
  number integer not null,
  source text not null,
  storage_location text not null,
  run_id text not null default '',
  logged_model_id text not null default '',
  run_link text not null default '',
  description text not null default '',
  stage text not null default 'None',
  tags jsonb not null default '{}',
  created_at timestamptz(3) not null default current_timestamp,
  updated_at timestamptz(3) not null default current_timestamp,
  constraint mlflow_version_pkey primary key (model_id, number),
  constraint mlflow_version_number_positive check (number >= 1),
  constraint mlflow_version_stage_word check (stage in ('None', 'Staging', 'Production', 'Archived')),
  constraint mlflow_version_tags_object check (jsonb_typeof(tags) = 'object'),
  constraint mlflow_version_model_id_fkey foreign key (model_id) references mlflow_model (id)
    on delete cascade on update cascade
);
create index mlflow_version_run_id_idx on mlflow_version (run_id);

create table mlflow_alias (
  model_id uuid not null,
  name text not null,
  number integer not null,
  constraint mlflow_alias_pkey primary key (model_id, name),
  constraint mlflow_alias_model_id_fkey foreign key (model_id) references mlflow_model (id)
    on delete cascade on update cascade,
  constraint mlflow_alias_model_id_number_fkey foreign key (model_id, number) references mlflow_version (model_id, number)
    on delete cascade on update cascade
);
create index mlflow_alias_model_id_number_idx on mlflow_alias (model_id, number);
