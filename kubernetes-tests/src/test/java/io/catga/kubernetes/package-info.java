/**
 * Proves what can be proved of the files for Kubernetes without a cluster. {@link io.catga.kubernetes.ManifestsTest} holds
 * what is applied to the schemas of the API and to {@link io.catga.kubernetes.Rules}, and
 * {@link io.catga.kubernetes.PlantedMistakesTest} proves that each rule sees the mistake that it is for.
 * {@link io.catga.kubernetes.RedisScriptsTest} runs the scripts of the Redis pods on Sentinels that are made up.
 */
@NullMarked
package io.catga.kubernetes;

import org.jspecify.annotations.NullMarked;
