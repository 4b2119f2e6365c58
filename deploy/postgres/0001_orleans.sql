-- Orleans' own tables: clustering, reminders, and the state of grains other than sessions.
-- The ADO.NET providers run whatever SQL they find in the table "OrleansQuery" of the connection's Search Path ("orleans" here):
-- that table is the contract, everything else is ours. Primary keys guard every insert; each statement is one transaction.
create schema orleans;

create table orleans.orleansquery (
  querykey varchar(64) primary key,
  querytext text not null);

-- Clustering: one row of version per cluster, one row per silo that is or was a member.
create table orleans.cluster_version (
  cluster_id varchar(150) primary key,
  version int not null default 0,
  updated_at timestamptz not null default now());

create table orleans.cluster_member (
  cluster_id varchar(150) not null references orleans.cluster_version,
  address varchar(45) not null,
  port int not null,
  generation int not null,
  silo_name varchar(150) not null,
  host_name varchar(150) not null,
  status int not null,
  proxy_port int,
  suspect_times text,
  start_time timestamptz(3) not null,
  i_am_alive timestamptz(3) not null,
  primary key (cluster_id, address, port, generation));

-- Gateways listen here: a cluster client is not told by Orleans that a silo died. The heartbeat (i_am_alive) stays silent.
create function orleans.tell_membership() returns trigger language plpgsql as $$
begin
  perform pg_notify('conversations_membership', new.cluster_id);
  return null;
end $$;

create trigger cluster_member_joined after insert on orleans.cluster_member
  for each row execute function orleans.tell_membership();
create trigger cluster_member_changed after update on orleans.cluster_member
  for each row when (old.status is distinct from new.status) execute function orleans.tell_membership();

-- State of grains other than sessions: one row per grain and state name.
create table orleans.grain_state (
  service_id varchar(150) not null,
  grain_type varchar(512) not null,
  n0 bigint not null,
  n1 bigint not null,
  ext varchar(512) not null default '',
  payload bytea,
  version int not null,
  modified_at timestamptz not null default now(),
  primary key (service_id, grain_type, n0, n1, ext)) with (fillfactor = 80);

create table orleans.reminder (
  service_id varchar(150) not null,
  grain_id varchar(600) not null,
  name varchar(150) not null,
  start_time timestamptz(3) not null,
  period_ms bigint not null,
  grain_hash int not null,
  version int not null,
  primary key (service_id, grain_id, name));
create index reminder_hash on orleans.reminder (service_id, grain_hash);

insert into orleans.orleansquery(querykey, querytext) values
('InsertMembershipVersionKey', $q$
 with i as (insert into orleans.cluster_version(cluster_id) values (@DeploymentId) on conflict do nothing returning 1)
 select count(*)::int from i $q$),
('InsertMembershipKey', $q$
 with v as (update orleans.cluster_version set version = version + 1, updated_at = now()
            where cluster_id = @DeploymentId and version = @Version
              and not exists (select 1 from orleans.cluster_member where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
            returning 1),
      i as (insert into orleans.cluster_member(cluster_id,address,port,generation,silo_name,host_name,status,proxy_port,start_time,i_am_alive)
            select @DeploymentId,@Address,@Port,@Generation,@SiloName,@HostName,@Status,@ProxyPort,@StartTime,@IAmAliveTime from v returning 1)
 select count(*)::int from i $q$),
('UpdateMembershipKey', $q$
 with v as (update orleans.cluster_version set version = version + 1, updated_at = now()
            where cluster_id = @DeploymentId and version = @Version
              and exists (select 1 from orleans.cluster_member where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
            returning 1),
      u as (update orleans.cluster_member m set status = @Status, suspect_times = @SuspectTimes, i_am_alive = @IAmAliveTime
            from v where m.cluster_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation returning 1)
 select count(*)::int from u $q$),
('UpdateIAmAlivetimeKey', $q$
 update orleans.cluster_member set i_am_alive = @IAmAliveTime
 where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation $q$),
('MembershipReadRowKey', $q$
 select v.cluster_id as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
        m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort, m.suspect_times as SuspectTimes,
        m.start_time as StartTime, m.i_am_alive as IAmAliveTime, v.version as Version
 from orleans.cluster_version v left join orleans.cluster_member m
   on m.cluster_id = v.cluster_id and m.address = @Address and m.port = @Port and m.generation = @Generation
 where v.cluster_id = @DeploymentId $q$),
('MembershipReadAllKey', $q$
 select v.cluster_id as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
        m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort, m.suspect_times as SuspectTimes,
        m.start_time as StartTime, m.i_am_alive as IAmAliveTime, v.version as Version
 from orleans.cluster_version v left join orleans.cluster_member m on m.cluster_id = v.cluster_id
 where v.cluster_id = @DeploymentId $q$),
('GatewaysQueryKey', $q$
 select address as Address, proxy_port as ProxyPort, generation as Generation from orleans.cluster_member
 where cluster_id = @DeploymentId and status = @Status and proxy_port > 0 $q$),
('DeleteMembershipTableEntriesKey', $q$
 with d as (delete from orleans.cluster_member where cluster_id = @DeploymentId)
 delete from orleans.cluster_version where cluster_id = @DeploymentId $q$),
('CleanupDefunctSiloEntriesKey', $q$
 delete from orleans.cluster_member where cluster_id = @DeploymentId and i_am_alive < @IAmAliveTime and status = 6 $q$),
('CleanupDefunctSiloEntryKey', $q$
 delete from orleans.cluster_member where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
   and status = 6 and start_time = @StartTime and i_am_alive = @IAmAliveTime and suspect_times is not distinct from @SuspectTimes $q$),
('ReadFromStorageKey', $q$
 select payload as PayloadBinary, version as Version from orleans.grain_state
 where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
   and ext = coalesce(@GrainIdExtensionString, '') $q$),
('WriteToStorageKey', $q$
 with u as (update orleans.grain_state set payload = @PayloadBinary, version = version + 1, modified_at = now()
            where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
              and ext = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion returning version),
      i as (insert into orleans.grain_state(service_id, grain_type, n0, n1, ext, payload, version)
            select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, 1
            where @GrainStateVersion::int is null on conflict do nothing returning version)
 select version as NewGrainStateVersion from u union all select version from i $q$),
('ClearStorageKey', $q$
 update orleans.grain_state set payload = null, version = version + 1, modified_at = now()
 where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
   and ext = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion returning version as NewGrainStateVersion $q$),
('DeleteStorageKey', $q$
 delete from orleans.grain_state
 where service_id = @ServiceId and grain_type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
   and ext = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion returning version + 1 as NewGrainStateVersion $q$),
('UpsertReminderRowKey', $q$
 insert into orleans.reminder as r (service_id, grain_id, name, start_time, period_ms, grain_hash, version)
 values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
 on conflict (service_id, grain_id, name) do update set start_time = excluded.start_time, period_ms = excluded.period_ms,
   grain_hash = excluded.grain_hash, version = r.version + 1 returning r.version as Version $q$),
('ReadReminderRowsKey', $q$
 select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
 from orleans.reminder where service_id = @ServiceId and grain_id = @GrainId $q$),
('ReadReminderRowKey', $q$
 select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
 from orleans.reminder where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName $q$),
('ReadRangeRows1Key', $q$
 select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
 from orleans.reminder where service_id = @ServiceId and grain_hash > @BeginHash and grain_hash <= @EndHash $q$),
('ReadRangeRows2Key', $q$
 select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
 from orleans.reminder where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash) $q$),
('DeleteReminderRowKey', $q$
 with d as (delete from orleans.reminder where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName and version = @Version returning 1)
 select count(*)::int from d $q$),
('DeleteReminderRowsKey', $q$ delete from orleans.reminder where service_id = @ServiceId $q$);
