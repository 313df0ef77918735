/** A module that is about something else. */
export const answer = 42;
