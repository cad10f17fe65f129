"""The tier machine as bindings: a module a stage.

To be read in the order of a judgement: `machine`, `lanes`, `draft`; `asking`, `rising`, `entering`; `landing`,
`falling`; `reviewing`, `judging`; `layering`, `keeping`.
"""
