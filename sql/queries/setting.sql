-- Preferences of a tenant, in its own schema.

-- name: all
-- Every setting, as one object.
SELECT coalesce(jsonb_object_agg(key, value ORDER BY key), '{}') AS settings,
       max(updated_at) AT TIME ZONE 'UTC' AS updated_at
  FROM setting;

-- name: prune
-- Settings that the object $1 does not name are gone.
DELETE FROM setting
 WHERE NOT ($1::jsonb ? key);

-- name: put
-- Those that it names are as it says; $2 is who says so.
INSERT INTO setting (key, value, updated_by)
SELECT e.key, e.value, $2::bigint
  FROM jsonb_each($1::jsonb) AS e
    ON CONFLICT (key) DO UPDATE
   SET value = excluded.value, updated_at = now(), updated_by = excluded.updated_by
 WHERE setting.value <> excluded.value;
