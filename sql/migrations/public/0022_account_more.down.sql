-- Undoes 0022_account_more.

UPDATE public.user_sessions SET revoked_why = 'password' WHERE revoked_why = 'email';
ALTER TABLE public.user_sessions
      DROP CONSTRAINT user_sessions_revoked_why_check,
      ADD CONSTRAINT user_sessions_revoked_why_check
          CHECK (revoked_why IN ('logout', 'reuse', 'password', 'disabled', 'operator'));
DELETE FROM public.user_tokens WHERE purpose = 'email';
ALTER TABLE public.user_tokens
      DROP CONSTRAINT user_tokens_email,
      DROP CONSTRAINT user_tokens_purpose_check,
      ADD CONSTRAINT user_tokens_purpose_check CHECK (purpose IN ('verify', 'reset')),
      DROP COLUMN session_id,
      DROP COLUMN email;
ALTER TABLE public.idempotency DROP COLUMN headers;
