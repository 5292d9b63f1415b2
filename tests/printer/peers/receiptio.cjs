// receiptio's own command line, unchanged. It knows one port only, ours is a free one; and it waits
// twelve seconds for a printer that says nothing, which a test suite would rather not.
const net = require('net')

const connect = net.connect
net.connect = (port, host) => connect(Number(process.env.PRINTER_PORT), host)

const { setTimeout: later, setInterval: again } = globalThis
const hurry = Number(process.env.HURRY)
globalThis.setTimeout = (action, ms) => later(action, ms / hurry)
globalThis.setInterval = (action, ms) => again(action, ms / hurry)

require(require.resolve('receiptio/bin/cli.js', { paths: [process.env.PEERS] }))
