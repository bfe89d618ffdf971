/**
 * S3 of the workspace: objects as files in its data folder, what is known of them in its database.
 */
@NullMarked
package io.amcinsights.local.s3;

import org.jspecify.annotations.NullMarked;
