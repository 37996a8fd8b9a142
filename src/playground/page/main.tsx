import './styles/colours.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/tabs.css'
import './styles/rule.css'
import './styles/results.css'
import './styles/traces.css'
import './styles/compare.css'
import './styles/users.css'
import './styles/logins.css'
import { render } from 'preact'
import { root } from './api.ts'
import { App } from './app.tsx'
import { startPage } from './start-page.ts'
import { applyTheme } from './theme.ts'

applyTheme()
render(<App />, root)
void startPage()
