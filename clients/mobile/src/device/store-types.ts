/** Small texts by name. A value that can't be read is as good as none: people can go on without. */
export interface Store {
  /** Whether other programs of the device are kept out. The sign-in screen says so where not. */
  isSecure: boolean;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}
