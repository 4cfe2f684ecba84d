/** One wheel on PyPI, pinned. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** Tags pip resolves the wheel by; the library in it does not depend on Python's version. */
  readonly tags: {
    readonly python: string;
    readonly abi: string;
    readonly platforms: readonly string[];
  };
  readonly sha256: string;
  /** Size of the download in bytes. */
  readonly size: number;
}
