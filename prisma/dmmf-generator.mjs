import { writeFileSync } from 'node:fs'
import helper from '@prisma/generator-helper'

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'Data model as JSON', defaultOutput: 'dmmf.json' }),
  onGenerate: async ({ generator, dmmf }) => {
    writeFileSync(generator.output.value, JSON.stringify(dmmf.datamodel))
  },
})
