<?php
// In a scratch database, with WordPress's own functions: makes the small site that standard input
// describes ("make"), or takes in the WXR file that it names ("take"), and prints the site's export.
// With "autop" it prints what WordPress makes of the texts on standard input.
// Called with: the mode, the database server's socket, a content folder, the database.
error_reporting(E_ERROR);
define('ABSPATH', '/usr/share/wordpress/');
define('WPINC', 'wp-includes');
if ($argv[1] === 'autop') {
    require ABSPATH . WPINC . '/plugin.php';
    require ABSPATH . WPINC . '/formatting.php';
    echo json_encode(array_map('wpautop', json_decode(stream_get_contents(STDIN), true)));
    exit;
}
define('DB_NAME', $argv[4]);
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . $argv[2]);
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_INSTALLING', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('WP_CONTENT_DIR', $argv[3]);
define('WP_SITEURL', 'https://oud.example');
define('WP_HOME', 'https://oud.example');
$table_prefix = 'wp_';
$_SERVER['HTTP_HOST'] = 'oud.example';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
function wp_mail() { return true; }
require ABSPATH . 'wp-settings.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
require ABSPATH . 'wp-admin/includes/export.php';
wp_install('Oud blog', $argv[1] === 'make' ? 'anna' : 'baas', 'baas@oud.example', true, '', 'geheim');
foreach (get_posts(['post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}
update_option('timezone_string', 'Europe/Amsterdam');
update_option('permalink_structure', '/%category%/%postname%/');
$GLOBALS['wp_rewrite']->init();
$given = json_decode(stream_get_contents(STDIN), true);
$argv[1] === 'make' ? make_site($given) : take_site($given);
ob_start();
export_wp(['content' => 'all']);
echo ob_get_clean();

function make_site(array $posts): void {
    $anna = get_user_by('login', 'anna')->ID;
    wp_update_user(['ID' => $anna, 'display_name' => 'Anna Schrijver']);
    $bram = wp_insert_user(['user_login' => 'bram', 'user_pass' => 'x', 'display_name' => 'Bram & zoon',
        'user_email' => 'bram@oud.example', 'role' => 'author']);
    $werk = wp_insert_term('Werk & rust', 'category', ['slug' => 'werk'])['term_id'];
    foreach ($posts as $given) {
        $id = wp_insert_post([
            'post_title' => $given['title'], 'post_content' => $given['text'],
            'post_status' => $given['status'], 'post_author' => $given['author'] === 'bram' ? $bram : $anna,
            'post_name' => $given['slug'], 'post_date' => $given['date'], 'post_category' => [$werk],
            'tags_input' => $given['tags'], 'post_excerpt' => $given['excerpt'],
            'post_password' => $given['password'], 'edit_date' => true,
        ], true);
        $made = [];
        foreach ($given['comments'] as $key => $said) {
            $made[$key] = wp_insert_comment([
                'comment_post_ID' => $id, 'comment_author' => $said['name'],
                'comment_author_email' => $said['email'], 'comment_content' => wp_slash($said['text']),
                'comment_parent' => $said['parent'] === null ? 0 : $made[$said['parent']],
                'comment_approved' => $said['state'], 'comment_type' => $said['type'],
                'user_id' => $said['user'] === 'bram' ? $bram : 0,
                'comment_date' => get_date_from_gmt($said['gmt']), 'comment_date_gmt' => $said['gmt'],
            ]);
        }
    }
}

// As WordPress's importer is documented to work: people, terms, then item after item; what was there
// under a number is found again by what was stored for it here.
function take_site(string $file): void {
    define('WP_IMPORTING', true);
    wp_set_current_user(1);
    $xml = simplexml_load_file($file);
    $names = $xml->getDocNamespaces(true);
    $of = fn(SimpleXMLElement $node, string $space = 'wp') => $node->children($names[$space]);
    $people = [];
    foreach ($of($xml->channel)->author as $row) {
        $id = wp_insert_user(wp_slash([
            'user_login' => (string) $row->author_login, 'user_pass' => wp_generate_password(),
            'user_email' => (string) $row->author_email, 'role' => 'author',
            'display_name' => (string) $row->author_display_name,
            'first_name' => (string) $row->author_first_name,
            'last_name' => (string) $row->author_last_name,
        ]));
        $people[(string) $row->author_login] = $people[(string) $row->author_id] = $id;
    }
    foreach ($of($xml->channel)->tag as $row) {
        wp_insert_term(wp_slash((string) $row->tag_name), 'post_tag', ['slug' => (string) $row->tag_slug]);
    }
    foreach ($xml->channel->item as $item) {
        $wp = $of($item);
        $id = wp_insert_post(wp_slash([
            'import_id' => (int) $wp->post_id, 'post_type' => (string) $wp->post_type,
            'post_author' => $people[(string) $of($item, 'dc')->creator] ?? 1,
            'post_title' => (string) $item->title, 'post_name' => (string) $wp->post_name,
            'post_content' => (string) $of($item, 'content')->encoded,
            'post_excerpt' => (string) $of($item, 'excerpt')->encoded,
            'post_status' => (string) $wp->status, 'post_password' => (string) $wp->post_password,
            'post_date' => (string) $wp->post_date, 'post_date_gmt' => (string) $wp->post_date_gmt,
            'comment_status' => (string) $wp->comment_status, 'guid' => (string) $item->guid,
        ]), true);
        if (is_wp_error($id)) {
            throw new Exception($id->get_error_message());
        }
        $terms = [];
        foreach ($item->category as $term) {
            $found = get_term_by('slug', (string) $term['nicename'], (string) $term['domain']);
            $terms[(string) $term['domain']][] = $found->term_id;
        }
        foreach ($terms as $taxonomy => $ids) {
            wp_set_post_terms($id, $ids, $taxonomy);
        }
        foreach ($wp->postmeta as $meta) {
            add_post_meta($id, (string) $meta->meta_key, wp_slash((string) $meta->meta_value));
        }
        $rows = [];
        foreach ($wp->comment as $row) {
            $rows[(int) $row->comment_id] = $row;
        }
        ksort($rows);
        $made = [];
        foreach ($rows as $number => $row) {
            $made[$number] = wp_insert_comment(wp_filter_comment(wp_slash([
                'comment_post_ID' => $id, 'comment_author' => (string) $row->comment_author,
                'comment_author_email' => (string) $row->comment_author_email,
                'comment_author_url' => (string) $row->comment_author_url,
                'comment_author_IP' => (string) $row->comment_author_IP, 'comment_agent' => '',
                'comment_date' => (string) $row->comment_date,
                'comment_date_gmt' => (string) $row->comment_date_gmt,
                'comment_content' => (string) $row->comment_content,
                'comment_approved' => (string) $row->comment_approved,
                'comment_type' => (string) $row->comment_type,
                'comment_parent' => $made[(int) $row->comment_parent] ?? 0,
                'user_id' => $people[(string) $row->comment_user_id] ?? 0,
            ])));
            foreach ($row->commentmeta as $meta) {
                add_comment_meta($made[$number], (string) $meta->meta_key, wp_slash((string) $meta->meta_value));
            }
        }
    }
}
