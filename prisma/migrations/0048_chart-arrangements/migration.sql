-- How the charts of an experiment's runs are arranged, for all who look at them: one row an experiment, once someone has moved one.

CREATE TABLE "chart_arrangement" (
    "experiment_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "layout" JSONB NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chart_arrangement_pkey" PRIMARY KEY ("experiment_id"),
    constraint chart_arrangement_version_check check (version > 0),
    constraint chart_arrangement_layout_check
      check (coalesce(jsonb_typeof(layout -> 'panels') = 'array' and jsonb_typeof(layout -> 'folded') = 'array', false)),
    constraint chart_arrangement_who_check check (btrim(changed_by) <> '')
);
ALTER TABLE "chart_arrangement" ADD CONSTRAINT "chart_arrangement_experiment_id_fkey"
  FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
