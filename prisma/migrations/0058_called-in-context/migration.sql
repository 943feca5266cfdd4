-- Squares that are called are counted as they are shown: in context, where the run reads squares together with their
-- neighbours. Analyses from before were counted square by square; which ones is not recorded, so that the count of all is
-- taken back but where a run is known to read each square alone, and made from the kept grid whenever it is read.
alter table slide_analysis disable trigger slide_analysis_guard;
update slide_analysis set called_patches = null
from model_version
where model_version.id = slide_analysis.version_id and slide_analysis.status = 'SUCCEEDED'
  and not exists (select from run_context where run_context.run_id = model_version.run_id and coalesce(radius, 0) = 0);
alter table slide_analysis enable trigger slide_analysis_guard;
