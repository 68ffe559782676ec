#!/usr/bin/env node
import { main } from '../dist/app.js'

process.exit(await main())
