const tones: Readonly<Record<string, string>> = {
  allow: 'good',
  ok: 'good',
  deny: 'warn',
  skipped: 'warn',
  redirect: 'calm',
  challenge: 'calm',
  error: 'bad',
}

/** An outcome or status as a coloured label. */
export function Pill({ label }: { readonly label: string }) {
  return <span class={`pill ${tones[label] ?? 'calm'}`}>{label}</span>
}
