import { Results } from '../results/results.tsx'
import { LoginInputs } from './login-inputs.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { Toolbar } from './toolbar.tsx'

export function RuleView() {
  return (
    <div class="rule-view">
      <section class="panel writing" aria-labelledby="writing">
        <h2 class="hidden" id="writing">
          Rule
        </h2>
        <Toolbar />
        <RuleEditor />
      </section>
      <section class="panel login" aria-labelledby="login">
        <h2 class="hidden" id="login">
          Login
        </h2>
        <LoginInputs />
      </section>
      <section class="panel results" aria-labelledby="result" id="results">
        <h2 class="hidden" id="result">
          Result
        </h2>
        <Results />
      </section>
    </div>
  )
}
