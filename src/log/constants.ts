/** Of every record; readers refuse the records of another. */
export const logSchemaVersion = 2;

/** How a trial can end; `diverged` if any of its variants did. */
export const outcomes = ['completed', 'diverged', 'failed', 'interrupted'] as const;
