-- The users of a tenant, and who is asked to become one, for its admins.

-- name: room
-- How many users may tenant $1 have? Whoever else changes its users waits.
SELECT t.name, q.max_users
  FROM public.tenants AS t
  JOIN public.subscription_quotas AS q ON q.tier = t.subscription_tier
 WHERE t.id = $1::bigint
   FOR NO KEY UPDATE OF t;

-- name: used
-- How many users has it, with those who may still accept an invitation?
SELECT (SELECT count(*) FROM public.users WHERE tenant_id = $1::bigint)
     + (SELECT count(*)
          FROM public.invitations
         WHERE tenant_id = $1::bigint
           AND accepted_at IS NULL
           AND expires_at > now());

-- name: list
-- Who is in tenant $1, newest first? Behind user $2.
SELECT id::text AS page_key, id, username, email, full_name, role, is_active,
       is_verified, last_login AT TIME ZONE 'UTC' AS last_login,
       created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.users
 WHERE tenant_id = $1::bigint
   AND ($2::bigint IS NULL OR id < $2::bigint)
 ORDER BY id DESC
 LIMIT $3::integer;

-- name: get
-- One of them; nobody changes the row meanwhile.
SELECT id, username, email, full_name, role, is_active, is_verified,
       last_login AT TIME ZONE 'UTC' AS last_login,
       created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.users
 WHERE tenant_id = $1::bigint
   AND id = $2::bigint
   FOR NO KEY UPDATE;

-- name: other_admins
-- How many admins would be left without user $2?
SELECT count(*)
  FROM public.users
 WHERE tenant_id = $1::bigint
   AND id <> $2::bigint
   AND is_active
   AND role IN ('admin', 'operator');

-- name: change
-- Role $3 and being active $4 (NULL: as it is); what ends rights ends tokens.
UPDATE public.users
   SET role = coalesce($3, role),
       is_active = coalesce($4::boolean, is_active),
       token_version = token_version
           + (coalesce($3, role) <> role OR NOT coalesce($4::boolean, true))::integer,
       updated_at = now()
 WHERE tenant_id = $1::bigint
   AND id = $2::bigint;

-- name: remove
-- User $2 is gone, with sessions, keys and password.
DELETE FROM public.users
 WHERE tenant_id = $1::bigint
   AND id = $2::bigint;

-- name: is_member
-- Has the address $2 a user here?
SELECT EXISTS (SELECT
                 FROM public.users
                WHERE tenant_id = $1::bigint
                  AND lower(email) = lower($2)) AS is_member;

-- name: forget_invitation
-- An older invitation of the address $2 that nobody used.
DELETE FROM public.invitations
 WHERE tenant_id = $1::bigint
   AND lower(email) = lower($2)
   AND accepted_at IS NULL;

-- name: invite
-- The address $2 may join as $3; $4 is the hash of its token, $5 who asks, $6
-- the days for which it is good.
INSERT INTO public.invitations (tenant_id, email, role, hash, invited_by, expires_at)
VALUES ($1::bigint, $2, $3, $4, $5::bigint, now() + make_interval(days => $6::integer))
RETURNING id, email, role, invited_by,
          created_at AT TIME ZONE 'UTC' AS created_at,
          expires_at AT TIME ZONE 'UTC' AS expires_at;

-- name: invitations
-- Who was asked and has not come yet, newest first? Behind invitation $2.
SELECT id::text AS page_key, id, email, role, invited_by,
       expires_at <= now() AS is_expired,
       created_at AT TIME ZONE 'UTC' AS created_at,
       expires_at AT TIME ZONE 'UTC' AS expires_at
  FROM public.invitations
 WHERE tenant_id = $1::bigint
   AND accepted_at IS NULL
   AND ($2::bigint IS NULL OR id < $2::bigint)
 ORDER BY id DESC
 LIMIT $3::integer;

-- name: uninvite
-- Invitation $2 is void, if it was not used.
DELETE FROM public.invitations
 WHERE tenant_id = $1::bigint
   AND id = $2::bigint
   AND accepted_at IS NULL
RETURNING email;
