/** One measured figure, with the bound that the design sets for it, if it sets one. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly most?: number
  readonly least?: number
}

/** Prints the figures; answers whether all bounds held. */
export function report(figures: readonly Figure[]): boolean {
  let held = true
  for (const { name, value, unit, most, least } of figures) {
    const broken = (most !== undefined && value > most) || (least !== undefined && value < least)
    const bound = most !== undefined ? `  (at most ${most})` : least !== undefined ? `  (at least ${least})` : ''
    console.log(`${broken ? '✗' : ' '} ${name.padEnd(52)} ${value.toFixed(2).padStart(10)} ${unit}${bound}`)
    held &&= !broken
  }
  return held
}
