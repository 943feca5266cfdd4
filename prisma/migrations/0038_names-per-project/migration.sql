-- Names and digests are unique within a project: two projects may hold the same public data, and a model of one name each.

drop index dataset_name_key;
drop index dataset_digest_key;
drop index model_name_key;

create unique index dataset_project_id_name_key on dataset (project_id, name);
create unique index dataset_project_id_digest_key on dataset (project_id, digest);
create unique index model_project_id_name_key on model (project_id, name);

-- What these three begin with needs no index of its own.
drop index dataset_project_id_idx;
drop index model_project_id_idx;
