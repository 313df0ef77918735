/** A module without a subject. */
export const answer = 42;
