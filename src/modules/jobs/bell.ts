/** Lets a loop sleep until its time is up or somebody rings; a ring before the sleep ends it at once. */
export class Bell {
  private rung = false;
  private answer: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.answer?.();
  }

  /** True when it was rung. */
  async wait(milliseconds: number): Promise<boolean> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.answer = () => (clearTimeout(timer), resolve());
      });
    }
    const { rung } = this;
    this.rung = false;
    this.answer = undefined;
    return rung;
  }
}
