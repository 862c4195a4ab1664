// Evaluates a GGUF file's model by llama.cpp, as lines on standard input ask for it, with one line of JSON for each:
//
//   decode N        empties the context, evaluates one token, and then N more one after the other: {"milliseconds"} of the N
//   prefill N       empties the context and evaluates N tokens in one batch: {"milliseconds"}
//   next T ...      empties the context and evaluates the tokens T: the most probable next token and every token's probability, {"token", "probabilities"}
//   quit
//
// What cannot be done is answered by {"error"}. Tokens of decode and prefill are given rather than drawn, and after each the next token's logits are computed, as
// whoever draws needs them. The addon is called as it is: node-llama-cpp's classes above it would add their queues to every token.
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { parseArgs } from "node:util";
import { getBinsDir } from "@node-llama-cpp/linux-x64";

const options = parseArgs({
    options: {
        model: { type: "string" },
        threads: { type: "string" },
        context: { type: "string" },
        vocabulary: { type: "string" },
    },
}).values;
const [threads, contextSize, vocabulary] = [options.threads, options.context, options.vocabulary].map(Number);

const { binsDir, packageVersion } = getBinsDir();
const directory = path.join(binsDir, "linux-x64");
const require = createRequire(import.meta.url);
const llama = require(path.join(directory, "llama-addon.node"));
const build = require(path.join(directory, "_nlcBuildMetadata.json")).buildOptions;

// Errors alone: what llama.cpp says of a file that it cannot load.
llama.setLogger((level, message) => process.stderr.write(message));
llama.setLoggerLogLevel(2);

// The build for this processor, of those that lie there.
llama.loadBackends(directory);
await llama.init();

const answer = (value) => process.stdout.write(JSON.stringify(value) + "\n");

const model = new llama.AddonModel(options.model, { addonExports: llama, gpuLayers: 0, useMmap: true });
if (!await model.init())
    throw new Error(`llama.cpp cannot load ${options.model}`);

// What is not said is llama.cpp's own default: keys and values in F16, flash attention where the model allows it, batches of up to 2048 tokens in pieces of 512.
const context = new llama.AddonContext(model, { contextSize, threads, flashAttention: "auto" });
if (!await context.init())
    throw new Error(`llama.cpp makes no context of ${contextSize} tokens`);
const sampler = new llama.AddonSampler(model);
sampler.applyConfig({ temperature: 0 });

// Tokens that are no run of one value.
const some = (count) => Uint32Array.from({ length: count }, (_, i) => (7 * i + 1) % vocabulary);

async function evaluate(tokens, position) {
    // llama.cpp would end the process.
    if (position + tokens.length > contextSize)
        throw new Error(`${position + tokens.length} tokens are more than the context's ${contextSize}`);

    context.initBatch(tokens.length);
    const [index] = context.addToBatch(0, position, tokens, Uint32Array.of(tokens.length - 1));
    await context.decodeBatch();
    return index;
}

const commands = {
    async decode(count) {
        const tokens = some(count + 1);
        context.disposeSequence(0);
        await evaluate(tokens.subarray(0, 1), 0);
        const start = performance.now();
        for (let i = 1; i <= count; i++)
            await evaluate(tokens.subarray(i, i + 1), i);
        return { milliseconds: performance.now() - start };
    },

    async prefill(count) {
        const tokens = some(count);
        context.disposeSequence(0);
        const start = performance.now();
        await evaluate(tokens, 0);
        return { milliseconds: performance.now() - start };
    },

    async next(...tokens) {
        context.disposeSequence(0);
        const index = await evaluate(Uint32Array.from(tokens), 0);
        const [token, pairs] = await context.sampleToken(index, sampler, true);
        const probabilities = new Array(pairs.length / 2);
        for (let i = 0; i < pairs.length; i += 2)
            probabilities[pairs[i]] = pairs[i + 1];
        return { token, probabilities };
    },
};

answer({ version: `llama.cpp ${build.llamaCpp.release} (node-llama-cpp ${packageVersion})`, system: llama.systemInfo(), threads: context.getThreads(), context: context.getContextSize() });
for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, ...numbers] = line.trim().split(" ");
    if (name === "quit")
        break;
    try {
        answer(await commands[name](...numbers.map(Number)));
    } catch (fault) {
        answer({ error: fault.message });
    }
}

// The addon's threads would keep the process.
process.exit(0);
