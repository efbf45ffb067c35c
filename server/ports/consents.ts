/** Who agreed to which text, and when. */
export interface Consents {
  /** The first time stands. The text is kept as it was shown. */
  give(userId: string, text: ConsentText, now: number): Promise<void>;
  /** Newest first. */
  of(userId: string): Promise<readonly GivenConsent[]>;
}

export interface ConsentText {
  /** Changes with every change of the text. */
  version: string;
  text: string;
}

export interface GivenConsent extends ConsentText {
  /** ms since 1970. */
  givenAt: number;
}
