-- Grain storage in the manner of the usual script: one row holds a whole state, no unique key, an insert where nothing was found.
create schema if not exists stock;
create table if not exists stock.orleansquery (querykey varchar(64) primary key, querytext text not null);
create table if not exists stock.grain_state (
  grain_type varchar(512) not null, n0 bigint not null, n1 bigint not null, ext varchar(512), service_id varchar(150) not null,
  payload bytea, modified_at timestamptz not null default now(), version int);
create index if not exists grain_state_key on stock.grain_state (grain_type, n0, n1, ext);
create table if not exists stock.blob (session text primary key, messages text not null);

insert into stock.orleansquery (querykey, querytext) values
('ReadFromStorageKey', $q$
 select payload as PayloadBinary, version as Version from stock.grain_state
 where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
   and ext is not distinct from @GrainIdExtensionString $q$),
('WriteToStorageKey', $q$
 with u as (update stock.grain_state set payload = @PayloadBinary, version = version + 1, modified_at = now()
            where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
              and ext is not distinct from @GrainIdExtensionString and version = @GrainStateVersion returning version),
      i as (insert into stock.grain_state (service_id, grain_type, n0, n1, ext, payload, version)
            select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @PayloadBinary, 1
            where @GrainStateVersion::int is null and not exists (
              select from stock.grain_state where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0
                and n1 = @GrainIdN1 and ext is not distinct from @GrainIdExtensionString) returning version)
 select version as NewGrainStateVersion from u union all select version from i $q$),
('ClearStorageKey', $q$
 update stock.grain_state set payload = null, version = version + 1
 where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
   and ext is not distinct from @GrainIdExtensionString and version = @GrainStateVersion returning version as NewGrainStateVersion $q$)
on conflict do nothing;
