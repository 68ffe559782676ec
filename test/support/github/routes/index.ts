import type { Routes } from '../http/call.js'
import { apps } from './apps.js'
import { checks } from './checks.js'
import { git } from './git.js'
import { issues } from './issues.js'
import { pulls } from './pulls.js'
import { repositories } from './repositories.js'
import { reviews } from './reviews.js'

export const ROUTES: Routes = { ...apps, ...repositories, ...git, ...pulls, ...reviews, ...checks, ...issues }
