/** The tables of accounts, as far as they are read and written here; migration 0002 makes them, better-auth fills most. */
export type AuthTables = {
  auth_users: { id: string; email: string; created_at: Date };
  auth_sign_ins: {
    id: string;
    user_id: string;
    created_at: Date;
    updated_at: Date;
    expires_at: Date;
    ip_address: string | null;
    user_agent: string | null;
  };
  auth_attempts: { key: string; count: number; since: Date };
};
